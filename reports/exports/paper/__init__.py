"""The report on paper: template, typesetter and what its font can draw."""
