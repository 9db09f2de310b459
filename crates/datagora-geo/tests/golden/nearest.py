"""Makes nearest.csv and dbscan.csv: what GEOS finds nearest in the data of Lyon, and what scikit-learn clusters.

`pip install shapely==2.2.0 scikit-learn==1.9.1`, then run with the folder of the data. Degrees are scaled to metres by two
constants, in this program and in the test alike, so that both work on the same numbers.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import shapely
import sklearn
from sklearn.cluster import DBSCAN

data = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
SCALE = np.array([78_000.0, 111_000.0])


def scaled(path):
    features = json.loads((data / path).read_text())["features"]
    shapes = [shapely.geometry.shape(f["geometry"]) for f in features]
    return shapely.transform(np.array(shapes), lambda xy: xy * SCALE)


shp = (data / "lyon_green/arbres_alignement.shp").read_bytes()
places = np.array([struct.unpack_from("<2d", shp, at + 12) for at in range(100, len(shp), 28)]) * SCALE
layers = {
    "trees": shapely.points(places),
    "parks": scaled("lyon_green/pac_parcs.geojson"),
    "benches": scaled("lyon_green/pac_bancs.geojson"),
    "fountains": scaled("lyon_green/pac_fontaines_potables.geojson"),
    "iris": scaled("lyon_admin/iris_lyonmetro.geojson"),
}

with open(here / "nearest.csv", "w") as out:
    out.write(f"# shapely {shapely.__version__}, GEOS {shapely.geos_version_string}; of equal distances the lowest row\n")
    out.write("from,to,row,rank,nearest,distance\n")
    questions = [
        ("trees", "parks", 500),
        ("trees", "fountains", 500),
        ("trees", "benches", 500),
        ("iris", "benches", 4),
        ("iris", "parks", 4),
        ("parks", "fountains", 7),
        ("parks", "iris", 7),
    ]
    for a, b, step in questions:
        tree = shapely.STRtree(layers[b])
        of, found = tree.query_nearest(layers[a], all_matches=True)
        first = {}
        for row, other in zip(of, found):
            first[row] = min(first.get(row, other), other)
        for row in range(0, len(layers[a]), step):
            distances = shapely.distance(layers[a][row], layers[b])
            order = np.lexsort((np.arange(len(distances)), distances))[:3]
            assert order[0] == first[row], (a, b, row)
            for rank, other in enumerate(order):
                out.write(f"{a},{b},{row},{rank},{other},{distances[other]:.9f}\n")

with open(here / "dbscan.csv", "w") as out:
    out.write(f"# scikit-learn {sklearn.__version__}; every fifth tree, eps 40, min_samples 8; every tenth of them\n")
    some = places[::5]
    found = DBSCAN(eps=40.0, min_samples=8).fit(some)
    cores = np.zeros(len(some), bool)
    cores[found.core_sample_indices_] = True
    out.write(f"# {found.labels_.max() + 1} clusters, {cores.sum()} cores, {(found.labels_ < 0).sum()} noise\n")
    out.write("row,core,label\n")
    for row in range(0, len(some), 10):
        out.write(f"{row},{int(cores[row])},{found.labels_[row]}\n")
