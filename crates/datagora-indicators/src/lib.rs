//! Urban indicators by named definitions: mobility counts, greening, economic geography, each value with completeness and interval.
