//! Geometry columns that know their CRS: reprojection, joins, measures and readers for urban data.
