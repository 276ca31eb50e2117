"""Questions of a test as other systems keep them: Moodle XML and GIFT, read and written. Shape: `item.Item`.

Both are read by their published descriptions (docs.moodle.org: "Moodle XML format", "GIFT format"). What a file says
and we do not understand is named with its line; a question of which something would be lost is left out whole.
"""
