"""Makes reproject_world.csv: what PROJ says, over the world. `pip install pyproj==3.7.2` (PROJ 9.5.1), then run."""
import pathlib
import random

import pyproj

random.seed(20261125)
here = pathlib.Path(__file__).parent
# EPSG code, longitudes, latitudes: as far as the formulas hold and PROJ's do
systems = [
    (2154, (-180, 180), (-55, 90)),
    (3946, (-180, 180), (-55, 90)),
    (3950, (-180, 180), (-55, 90)),
    (3857, (-180, 180), (-85, 85)),
    (3035, (-60, 80), (-20, 89)),
    (32620, (-90, -36), (0, 89)),
    (32631, (-27, 33), (-40, 89)),
    (32740, (27, 87), (-80, 10)),
]
with open(here / "reproject_world.csv", "w") as out:
    out.write(f"# pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}, from EPSG:4326\n")
    out.write("epsg,longitude,latitude,x,y\n")
    for epsg, (west, east), (south, north) in systems:
        transform = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
        for _ in range(200):
            lon, lat = round(random.uniform(west, east), 4), round(random.uniform(south, north), 4)
            x, y = transform.transform(lon, lat)
            out.write(f"{epsg},{lon},{lat},{x:.7f},{y:.7f}\n")
