"""A season in a region: schools, kinds, rules, weights, dates."""
