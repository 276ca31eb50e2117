"""Who people are here: users, the posts they hold, the regions these reach, and what each may do.

`may(user, "family.view")` answers one question; `@may` guards a page, puts on its scope and writes the look first.
"""
