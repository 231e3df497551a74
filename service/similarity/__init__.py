"""How alike Chinese texts are: words, synonyms and character pairs, as pure functions without a database.

`words` cuts a text into weighted tokens, `comparing` measures two projects, `ranking` searches in documents, `keys`
makes the few numbers by which candidates are found in a table, `trials` measures all of it on labelled files.
"""
