"""Makes reproject.csv: what PROJ says, over metropolitan France. `pip install pyproj==3.7.2` (PROJ 9.5.1), then run."""
import pathlib
import pyproj

here = pathlib.Path(__file__).parent
grid = [(round(-5.2 + 14.9 * i / 24, 3), round(41.2 + 10.0 * j / 20, 3)) for i in range(25) for j in range(21)]
everywhere = [2154, 3946, 32631, 25831, 3857, 3035]
elsewhere = [3942, 3943, 3944, 3945, 3947, 3948, 3949, 3950, 32630, 32632, 25830, 25832]
with open(here / "reproject.csv", "w") as out:
    out.write(f"# pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}, from EPSG:4326\n")
    out.write("epsg,longitude,latitude,x,y\n")
    for epsg in everywhere + elsewhere:
        transform = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
        for lon, lat in grid if epsg in everywhere else grid[::13]:
            x, y = transform.transform(lon, lat)
            out.write(f"{epsg},{lon},{lat},{x:.7f},{y:.7f}\n")
