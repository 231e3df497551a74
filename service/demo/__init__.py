"""`tongjian demo`: a deployment with invented people and cases, played through the HTTP API."""
