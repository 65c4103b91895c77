"""``/glossary/``: what every figure and every column means, and the rule it follows."""
