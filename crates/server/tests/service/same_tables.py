"""Every table of these backups has the same rows: python same_tables.py FIRST OTHER..."""

import sqlite3
import sys


def tables(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [name for [name] in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    # What was written by the backups themselves is in none of them; the order of rows means nothing.
    return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


first, *others = sys.argv[1:]
expected = tables(first)
assert len(expected) > 10 and len(expected["findings"]) > 3 and len(expected["events"]) > 3, expected.keys()
for other in others:
    found = tables(other)
    assert found.keys() == expected.keys(), (found.keys(), expected.keys())
    for name, rows in expected.items():
        assert found[name] == rows, f"{name} of {other}: {len(found[name])} rows, {len(rows)} expected"
print({name: len(rows) for name, rows in expected.items()})
