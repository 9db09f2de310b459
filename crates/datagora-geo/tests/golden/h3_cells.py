"""Makes h3_cells.csv: what the reference implementation says. `pip install h3==4.5.0`, then run."""
import pathlib
import random

import h3

random.seed(20261125)
here = pathlib.Path(__file__).parent
lyon = [(random.uniform(4.7, 5.0), random.uniform(45.6, 45.9)) for _ in range(40)]
world = [(random.uniform(-180, 180), random.uniform(-90, 90)) for _ in range(40)]
pentagons = [h3.cell_to_latlng(cell)[::-1] for cell in h3.get_pentagons(3)]
near = [(lon + random.uniform(-0.3, 0.3), lat + random.uniform(-0.3, 0.3)) for lon, lat in pentagons]
with open(here / "h3_cells.csv", "w") as out:
    out.write(f"# h3 {h3.versions()['python']}, C library {h3.versions()['c']}\n")
    out.write("longitude,latitude,resolution,cell,parent,centre_longitude,centre_latitude,corners,disk_2,digest_of_disk_2\n")
    for lon, lat in lyon + world + near:
        lon, lat = round(lon, 6), round(lat, 6)
        resolution = random.randrange(1, 16)
        cell = h3.latlng_to_cell(lat, lon, resolution)
        centre = h3.cell_to_latlng(cell)
        disk = h3.grid_disk(cell, 2)
        digest = 0
        for other in disk:
            digest ^= h3.str_to_int(other)
        out.write(f"{lon},{lat},{resolution},{cell},{h3.cell_to_parent(cell)},{centre[1]:.9f},{centre[0]:.9f},"
                  f"{len(h3.cell_to_boundary(cell))},{len(disk)},{digest:x}\n")
