"""Makes predicates.csv: what GEOS says of the open data of Lyon.

`pip install shapely==2.2.0` (GEOS 3.14.1), then `python predicates.py <folder of the data>`. Sets of geometries, in the
longitudes and latitudes of their files: quarters (IRIS of the department, IGN), iris (IRIS of the metropolis, another
vintage), communes, lines (the first half of the exterior of each iris), points (the first vertex of each iris). For each
pair of sets and predicate: the number of pairs of rows, and the sum of (left row + 1) * (right row + 1) over them.
"""
import json
import pathlib
import sys

import shapely

here, data = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1]) / "lyon_admin"
predicates = "intersects within contains covers covered_by touches crosses overlaps equals".split()


def read(name):
    return [shapely.geometry.shape(f["geometry"]) for f in json.load(open(data / name))["features"]]


def half(polygon):
    vertices = list(polygon.exterior.coords)
    return shapely.LineString(vertices[: len(vertices) // 2 + 1])


iris = read("iris_lyonmetro.geojson")
sets = {
    "quarters": read("iris_lyon_mobitic.geojson"),
    "iris": iris,
    "communes": read("communes_limit_grandlyon.geojson"),
    "lines": [half(polygon) for polygon in iris],
    "points": [shapely.Point(polygon.exterior.coords[0]) for polygon in iris],
}
joins = "quarters communes,quarters iris,iris iris,lines iris,lines quarters,iris lines,lines lines,points iris,points lines"
with open(here / "predicates.csv", "w") as out:
    out.write(f"# shapely {shapely.__version__}, GEOS {shapely.geos_version_string}\n")
    out.write("left,right,predicate,pairs,checksum\n")
    for left, right in (join.split() for join in joins.split(",")):
        for predicate in predicates:
            # By the predicate itself: the index knows no "equals", and filters by rectangles only.
            rows, others = shapely.STRtree(sets[right]).query(sets[left])
            related = getattr(shapely, predicate)
            pairs = [(i, j) for i, j in zip(rows.tolist(), others.tolist()) if related(sets[left][i], sets[right][j])]
            out.write(f"{left},{right},{predicate},{len(pairs)},{sum((i + 1) * (j + 1) for i, j in pairs)}\n")
