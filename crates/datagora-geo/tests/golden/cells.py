"""Makes statistical_cells.csv, geohashes.csv and web_tiles.csv from independent software.

`pip install pyproj==3.7.2 pygeohash==3.5.1 mercantile==1.2.1`, then run.
"""
import pathlib
import random

import mercantile
import pygeohash
import pyproj

random.seed(20261125)
here = pathlib.Path(__file__).parent
regions = {3035: (-4.5, 9.0, 42.0, 51.0), 5490: (-61.2, -60.8, 14.4, 14.9), 2975: (55.2, 55.8, -21.4, -20.9)}
with open(here / "statistical_cells.csv", "w") as out:
    out.write(f"# pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}\n")
    out.write("epsg,longitude,latitude,cell_200m,cell_1km\n")
    for epsg, (west, east, south, north) in regions.items():
        transform = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
        for _ in range(40):
            lon, lat = round(random.uniform(west, east), 6), round(random.uniform(south, north), 6)
            x, y = transform.transform(lon, lat)
            cells = (f"CRS{epsg}RES{size}mN{int(y // size) * size}E{int(x // size) * size}" for size in (200, 1000))
            out.write(f"{epsg},{lon},{lat},{','.join(cells)}\n")
with open(here / "geohashes.csv", "w") as out:
    out.write("# pygeohash 3.5.1\n")
    out.write("longitude,latitude,length,geohash,centre_longitude,centre_latitude,north,east,south,west\n")
    for _ in range(100):
        lon, lat, length = round(random.uniform(-180, 180), 6), round(random.uniform(-80, 80), 6), random.randrange(1, 13)
        code = pygeohash.encode(lat, lon, length)
        exact = pygeohash.decode_exactly(code)
        sides = [pygeohash.get_adjacent(code, side) for side in ("top", "right", "bottom", "left")] if 3 < length else [""] * 4
        out.write(f"{lon},{lat},{length},{code},{exact[1]!r},{exact[0]!r},{','.join(sides)}\n")
with open(here / "web_tiles.csv", "w") as out:
    out.write(f"# mercantile {mercantile.__version__}\n")
    out.write("longitude,latitude,zoom,x,y,quadkey,west,south,east,north,left,bottom,right,top\n")
    for _ in range(100):
        lon, lat, zoom = round(random.uniform(-180, 180), 6), round(random.uniform(-85, 85), 6), random.randrange(0, 23)
        tile = mercantile.tile(lon, lat, zoom)
        bounds, metres = mercantile.bounds(tile), mercantile.xy_bounds(tile)
        out.write(f"{lon},{lat},{zoom},{tile.x},{tile.y},{mercantile.quadkey(tile)},"
                  + ",".join(f"{value:.9f}" for value in bounds) + "," + ",".join(f"{value:.4f}" for value in metres) + "\n")
