"""The rules: Answers -> Plan. What is in place, what is due when, whether the unit can start. Pure: no files, no clock.

Others use: `plan.make_plan`, `overview` (many plans at a glance). Imports of peerplan only answers and what is below
it.
"""
