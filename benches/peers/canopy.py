"""Ground under trees by zone, each square metre once: canopy_iris, of polygons; canopy_crowns, of discs."""
from common import *
import shapely

zones = polygons('green_iris')


def covered(shapes):
    """Area of each zone that shapes cover together."""
    zone, shape = shapely.STRtree(shapes).query(zones, predicate='intersects')
    order = np.argsort(zone, kind='stable')
    begins = np.searchsorted(zone[order], np.arange(len(zones) + 1))
    unions = [shapely.union_all(shapes[shape[order[a:b]]]) for a, b in zip(begins, begins[1:])]
    return shapely.area(shapely.intersection(zones, unions))


def digest(areas):
    placed = areas * (np.arange(len(areas)) % 1009 + 1)
    return {'area': float(areas.sum()), 'squares': float((areas ** 2).sum()), 'placed': float(placed.sum())}


if TASK == 'canopy_iris' and ENGINE == 'shapely':
    canopy = polygons('canopy')
    measure('shapely', lambda: covered(canopy), digest)

elif TASK == 'canopy_crowns' and ENGINE == 'shapely':
    SEGMENTS = 16
    trunks = shapely.points(*points('green_trees'))
    # A polygon within a circle is smaller than it: these have the area of theirs.
    turn = np.pi / 2 / SEGMENTS
    radii = column('green_trees.radius') * np.sqrt(turn / np.sin(turn))
    measure('shapely', lambda: covered(shapely.buffer(trunks, radii, quad_segs=SEGMENTS)), digest)

else:
    unknown()
