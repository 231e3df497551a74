"""The reference: what the OpenAPI document says in prose, which problems it lists, and the page that shows it."""
