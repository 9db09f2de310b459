"""Makes coverage.csv: which share of cells of 5 m the surfaces of EVA cover, and of cells of 100 m the IRIS.

`pip install shapely==2.2.0 exactextract==0.3.0 numpy==2.4.6`, then run with the folder of the data. Of each surface a few cells are
drawn, of each layer more, with all its surfaces dissolved or summed. Shares are areas of intersections that GEOS makes, in coordinates
counted from a corner near by, which loses nothing; and what exactextract has for the same cells, in floats of 32 bits. Degrees of
the IRIS are scaled to metres by two constants, in this program and in the test alike.
"""
import json
import pathlib
import sys

import exactextract
import numpy as np
import shapely
from exactextract.raster import NumPyRasterSource

data = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
draw = np.random.default_rng(69)
SCALE = np.array([78_000.0, 111_000.0])
EVA = ["A_Difference_EVA_Artificialise-Routes", "B_A-Voies_ferree", "C_B-Batiments", "EVA2015_Artif_Sols_Extent",
       "EVA2015_Vegetation3STR_Extent", "Voirie_Extent"]


def shapes(path, scale):
    features = json.loads((data / path).read_text())["features"]
    found = shapely.force_2d(np.array([shapely.geometry.shape(feature["geometry"]) for feature in features]))
    return shapely.transform(found, lambda xy: xy * scale)


def layer(out, name, surfaces, size, of_each, of_all):
    west, south, east, north = shapely.total_bounds(surfaces)
    corner = np.floor(np.array([west, south]) / size) * size
    columns, lines = (np.floor((np.array([east, north]) - corner) / size) + 1).astype(int)
    near = shapely.transform(surfaces, lambda xy: xy - corner)
    assert shapely.is_valid(near).all()
    # A cell's number: column + columns * line from the south.
    boxes = lambda cells: shapely.box(
        cells % columns * size, cells // columns * size, (cells % columns + 1) * size, (cells // columns + 1) * size
    )
    numbers = np.arange(columns * lines).reshape(lines, columns)[::-1].astype(float)
    raster = NumPyRasterSource(numbers, xmin=0, xmax=columns * size, ymin=0, ymax=lines * size)
    features = [{"type": "Feature", "id": str(row), "properties": {}, "geometry": shapely.geometry.mapping(s)} for row, s in enumerate(near)]
    shares = [dict(zip(f["properties"]["values"].astype(int), f["properties"]["coverage"])) for f in exactextract.exact_extract(raster, features, ["values", "coverage"])]
    touched = {}
    for row, found in enumerate(shares):
        for cell in found:
            touched.setdefault(cell, []).append(row)

    def line(row, rule, cell, share, other):
        x, y = corner + np.array([cell % columns, cell // columns]) * size
        out.write(f"{name},{row},{rule},{x:.0f},{y:.0f},{share!r},{other:.7g}\n")

    for row, found in enumerate(shares):
        edge = [cell for cell, share in found.items() if share < 1]
        for cell in draw.choice(edge, min(of_each, len(edge)), replace=False):
            area = shapely.intersection(near[row], boxes(cell)).area
            line(row, "", cell, float(area / size**2), found[cell])
    several = [cell for cell, rows in touched.items() if len(rows) > 1]
    alone = [cell for cell, rows in touched.items() if len(rows) == 1]
    chosen = [draw.choice(cells, min(of_all, len(cells)), replace=False) for cells in (several, alone)]
    for cell in np.concatenate(chosen).astype(int):
        pieces = shapely.intersection(near[touched[cell]], boxes(cell))
        line("", "sum", cell, float(shapely.area(pieces).sum() / size**2), sum(shares[row][cell] for row in touched[cell]))
        line("", "dissolve", cell, float(shapely.union_all(pieces).area / size**2), float("nan"))
    area, ground = shapely.area(near).sum(), shapely.union_all(near).area
    out.write(f"{name},,total,,,{float(area)!r},nan\n{name},,ground,,,{float(ground)!r},nan\n")


with open(here / "coverage.csv", "w") as out:
    out.write(f"# shapely {shapely.__version__}, GEOS {shapely.geos_version_string}, exactextract {exactextract.__version__}\n")
    out.write("layer,row,rule,west,south,share,exactextract\n")
    strata = {name: shapes(f"lyon_green/eva2015_{name}.json", 1.0) for name in EVA}
    for name, surfaces in strata.items():
        layer(out, name, surfaces, 5, 3, 10)
    # All of them in one layer overlap much.
    layer(out, "all", np.concatenate(list(strata.values())), 5, 0, 150)
    layer(out, "iris", shapes("lyon_admin/iris_lyonmetro.geojson", SCALE), 100, 1, 40)
