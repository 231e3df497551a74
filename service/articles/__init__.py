"""What carries each article of the Measures: rules, deeds, deadlines, endpoints and tests, each with its place.

`tongjian check articles` fails where an article is carried by nothing, `tongjian article 29` shows one. Both read what
is there, and nothing else knows it: `naming` finds articles in words, `carriers` in code, `proofs` in tests, `survey`
puts them together with `policies/articles.yaml`, `shown` prints.
"""
