"""Writes validity.csv: classic invalid shapes, whether GEOS finds them valid, and their area when it mends them.

Run with shapely 2.2.0 (GEOS 3.14.1): python validity.py > validity.csv
"""
import shapely

SHAPES = {
    "square": "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
    "hole touching the exterior at a point": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 1, 1 2, 1 1, 0 1))",
    "hole touching the exterior at two points": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 4, 4 5, 9 4, 4 3, 0 4))",
    "hole touching the exterior at two vertices of its own": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 0, 2 5, 9 9, 5 2, 0 0))",
    "holes from side to side": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 4, 2 5, 4 4, 2 3, 0 4), (4 4, 6 5, 9 4, 6 3, 4 4))",
    "holes from one side": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 4, 2 5, 4 4, 2 3, 0 4), (4 4, 6 5, 8 4, 6 3, 4 4))",
    "holes in a ring": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 4 3, 6 2, 4 1, 2 2), (6 2, 5 4, 6 6, 7 4, 6 2), (2 2, 3 5, 6 6, 4 4, 2 2))",
    "holes that meet at a point": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (4 4, 3 1, 5 1, 4 4), (4 4, 1 5, 1 3, 4 4), (4 4, 7 3, 7 5, 4 4))",
    "holes that meet on the exterior": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 4, 3 1, 4 2, 0 4), (0 4, 3 6, 2 7, 0 4))",
    "holes that meet at two points": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 5 2, 3 4, 5 6, 2 6, 2 2), (5 2, 7 4, 5 6, 6 4, 5 2))",
    "island in a hole": "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1)), ((3 3, 5 3, 5 5, 3 5, 3 3)))",
    "parts touching at a point": "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))",
    "bow tie": "POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))",
    "uneven bow tie": "POLYGON ((0 0, 4 4, 4 0, 0 5, 0 0))",
    "figure of eight through a vertex": "POLYGON ((0 0, 4 0, 2 2, 4 4, 0 4, 2 2, 0 0))",
    "inverted shell": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0, 2 1, 2 3, 1 2, 0 0))",
    "spike outwards": "POLYGON ((0 0, 4 0, 4 4, 4 8, 4 4, 0 4, 0 0))",
    "spike inwards": "POLYGON ((0 0, 4 0, 4 4, 2 4, 2 2, 2 4, 0 4, 0 0))",
    "corridor of no width": "POLYGON ((0 0, 2 0, 2 2, 5 2, 5 0, 8 0, 8 4, 5 4, 5 2, 2 2, 2 4, 0 4, 0 0))",
    "pentagram": "POLYGON ((0 3, 9 3, 2 9, 4.5 0, 7 9, 0 3))",
    "hole outside": "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (6 0, 6 2, 8 2, 8 0, 6 0))",
    "hole across the exterior": "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (2 1, 2 3, 6 3, 6 1, 2 1))",
    "hole along the exterior": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (0 1, 0 2, 1 2, 1 1, 0 1))",
    "hole equal to the exterior": "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 0, 0 4, 4 4, 4 0, 0 0))",
    "hole in a hole": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1), (3 3, 3 5, 5 5, 5 3, 3 3))",
    "overlapping holes": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 4, 4 4, 4 1, 1 1), (3 3, 3 6, 6 6, 6 3, 3 3))",
    "overlapping parts": "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((2 0, 6 0, 6 4, 2 4, 2 0)))",
    "parts sharing an edge": "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((4 0, 6 0, 6 4, 4 4, 4 0)))",
    "part within a part": "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((2 2, 4 2, 4 4, 2 4, 2 2)))",
    "the same part twice": "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((0 0, 4 0, 4 4, 0 4, 0 0)))",
    "ground of no width": "POLYGON ((0 0, 4 0, 8 0, 4 0, 0 0))",
    "all points equal": "POLYGON ((1 1, 1 1, 1 1, 1 1))",
}

assert shapely.__version__ == "2.2.0" and shapely.geos_version == (3, 14, 1)
print("name;wkt;valid;area_linework;area_structure")
for name, wkt in SHAPES.items():
    shape = shapely.from_wkt(wkt)
    area = lambda **options: repr(float(shapely.area(shapely.make_valid(shape, **options))))
    valid = str(bool(shapely.is_valid(shape))).lower()
    print(name, wkt, valid, area(method="linework"), area(method="structure", keep_collapsed=False), sep=";")
