"""What in a message says who somebody is, found by patterns; one source for all who take it out.

The records mask it (`amends.records.masking`), training puts invented things in its place
(`amends.training.anonymise`), and the check of examples looks for what is left
(`amends.training.data_personal`).
"""
