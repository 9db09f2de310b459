"""Makes zonal.csv: statistics of rasters by polygons, as exactextract 0.3.0 finds them.

exactextract 0.3.0, rasterio 1.4.4, numpy 2.4. Values are of band 1, weights of band 2, without sign (weights of cells without value in
either band are left out by giving exactextract a weight of 0). Polygons are stars with a hole, some of two parts, some
beyond the raster. Shares of cells are 32-bit floats in exactextract, so statistics agree to about 1e-7.
Run: python zonal.py geotiff/i32_pixels_deflate_2.tif ../../../../../shared/data/perf/geocmeans_Littoral4_2154.tif > zonal.csv
"""

import csv
import math
import os
import random
import sys

import rasterio
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource

OPS = {
    "count": "count", "sum": "sum", "mean": "mean", "min": "min", "max": "max", "variance": "variance",
    "stdev": "stdev", "q10": "quantile(q=0.1)", "median": "median", "q90": "quantile(q=0.9)",
    "majority": "majority", "minority": "minority", "variety": "variety",
    "weighted_mean": "weighted_mean", "weighted_sum": "weighted_sum",
}
random.seed(69)


def star(x, y, radius):
    n = random.randint(5, 40)
    radii = [radius * random.uniform(0.35, 1) for _ in range(n)]
    ring = lambda scale: [
        [round(x + scale * r * math.cos(math.tau * k / n), 3), round(y + scale * r * math.sin(math.tau * k / n), 3)]
        for k, r in enumerate(radii)
    ]
    close = lambda points: points + points[:1]
    return [close(ring(1.0)), close(ring(0.3))[::-1]]


def polygon(bounds, size):
    west, south, east, north = bounds
    x, y = random.uniform(west, east), random.uniform(south, north)
    parts = [star(x, y, size)]
    if random.random() < 0.3:
        parts.append(star(x + 2.5 * size, y, size))
    return {"type": "MultiPolygon", "coordinates": parts}


def wkt(geometry):
    ring = lambda points: "(" + ",".join(f"{x!r} {y!r}" for x, y in points) + ")"
    return "MULTIPOLYGON(" + ",".join("(" + ",".join(map(ring, part)) + ")" for part in geometry["coordinates"]) + ")"


writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["raster", "wkt", *OPS])
for path in sys.argv[1:]:
    with rasterio.open(path) as file:
        values, weights = file.read(1).astype("f8"), file.read(2).astype("f8")
        missing = (values == file.nodata) | (weights == file.nodata)
        values[values == file.nodata] = float("nan")
        weights[missing] = 0
        weights = abs(weights)
        bounds = file.bounds
    sizes = [abs(bounds.right - bounds.left) * share for share in (0.004, 0.02, 0.08, 0.3)]
    features = [
        {"type": "Feature", "properties": {"k": k}, "geometry": polygon(bounds, sizes[k % 4])} for k in range(24)
    ]
    source = lambda array: NumPyRasterSource(array, *bounds, name="v")
    found = exact_extract(source(values), JSONFeatureSource(features), list(OPS.values()), weights=source(weights))
    for feature, row in zip(features, found):
        properties = {name.replace("quantile_", "q"): value for name, value in row["properties"].items()}
        text = lambda value: "" if value is None or math.isnan(value) else repr(float(value))
        writer.writerow([os.path.basename(path), wkt(feature["geometry"]), *(text(properties[name]) for name in OPS)])
