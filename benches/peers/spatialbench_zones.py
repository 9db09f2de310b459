"""Zones for SpatialBench where its own (a download) are out of reach.

usage: spatialbench_zones.py TRIP_PARQUET ZONE_PARQUET [NUMBER]
Voronoi cells with jagged borders (12 segments per edge, 72 vertices in the mean) in the boxes of eight continents; half of
the seeds are pickups, half are uniform. The columns are those of the table of SpatialBench; the zone that holds Sedona,
Arizona, is named Coconino County, as the queries expect.
"""
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq, shapely
from scipy.spatial import Voronoi

TRIPS, OUT = sys.argv[1:3]
ZONES = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
SEGMENTS, HEIGHT = 12, 0.03
BOXES = [  # west, south, east, north
    (-20.062752, -40.044425, 64.131567, 37.579421), (-11.964479, 37.926872, 64.144374, 71.82884),
    (64.58354, -9.709049, 145.526096, 51.672557), (64.495655, 51.944267, 178.834704, 77.897255),
    (112.481901, -48.980212, 180.768942, -10.228433), (-83.833822, -56.170016, -33.904338, 12.211188),
    (-124.890724, 12.382931, -69.511192, 42.55308), (-166.478008, 42.681087, -52.053245, 72.659041)]

rng = np.random.default_rng(7)
wkb = pq.read_table(TRIPS, columns=['t_pickuploc'])['t_pickuploc'].to_numpy()
pickups = shapely.get_coordinates(shapely.from_wkb(wkb[rng.choice(len(wkb), min(len(wkb), 200_000), replace=False)]))


def border(p, q, number):
    """Between two places, a random walk aside of the straight way."""
    t = np.linspace(0, 1, SEGMENTS + 1)[:, None]
    walk = np.random.default_rng(number).normal(0, 1, SEGMENTS + 1).cumsum()
    walk -= t[:, 0] * (walk[-1] - walk[0]) + walk[0]
    walk *= HEIGHT / max(np.abs(walk).max(), 1e-12)
    walk[0] = walk[-1] = 0
    across = np.array([p[1] - q[1], q[0] - p[0]])
    return p + t * (q - p) + walk[:, None] * across


zones = []
for west, south, east, north in BOXES:
    inside = pickups[(pickups[:, 0] > west) & (pickups[:, 0] < east) & (pickups[:, 1] > south) & (pickups[:, 1] < north)]
    n = ZONES // len(BOXES)
    near = inside[rng.choice(len(inside), n // 2)] + rng.normal(0, .05, (n // 2, 2))
    far = np.column_stack([west + (east - west) * rng.random(n - n // 2), south + (north - south) * rng.random(n - n // 2)])
    seeds = np.unique(np.clip(np.vstack([near, far]), [west + 1e-6, south + 1e-6], [east - 1e-6, north - 1e-6]), axis=0)
    # Mirrored at the four sides, so that the cells end there.
    mirrors = [seeds * [-1, 1] + [2 * west, 0], seeds * [-1, 1] + [2 * east, 0], seeds * [1, -1] + [0, 2 * south], seeds * [1, -1] + [0, 2 * north]]
    cells = Voronoi(np.vstack([seeds] + mirrors))
    borders = {}

    def edge(p, q):
        key = (min(p, q), max(p, q))
        if key not in borders:
            borders[key] = border(cells.vertices[key[0]], cells.vertices[key[1]], key[0] * 1_000_003 + key[1])
        return borders[key] if p == key[0] else borders[key][::-1]

    for i in range(len(seeds)):
        region = cells.regions[cells.point_region[i]]
        zones.append(shapely.Polygon(np.vstack([edge(p, q)[:-1] for p, q in zip(region, region[1:] + region[:1])])))

zones = np.array(zones)
crossed = ~shapely.is_valid(zones)
zones[crossed] = shapely.buffer(zones[crossed], 0)
names = np.array([f'Zone {i}' for i in range(len(zones))], object)
names[np.flatnonzero(shapely.contains_xy(zones, -111.761, 34.8697))[0]] = 'Coconino County'
print(f'{len(zones)} zones of {shapely.get_num_coordinates(zones).mean():.0f} vertices, {crossed.sum()} repaired', file=sys.stderr)
pq.write_table(pa.table({
    'z_zonekey': np.arange(1, len(zones) + 1), 'z_gersid': [f'g{i}' for i in range(len(zones))],
    'z_country': ['X'] * len(zones), 'z_region': ['X'] * len(zones), 'z_name': names.tolist(),
    'z_subtype': ['county'] * len(zones), 'z_boundary': pa.array(shapely.to_wkb(zones), pa.binary())}), OUT)
