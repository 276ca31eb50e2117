"""The law of the programme as dated data: amounts, ages, caps, calendars, obligations, sanctions, each with its source.

Owns `data/policy`, its checks and its reader. Promises the engine one frozen `StageRules` per stage, or a refusal that
names what is missing; never a guess.
"""
