"""Distances from homes to the nearest large green and to the third tree: green_near_homes."""
from common import *
import shapely

LEAST_AREA, NEAR, FARTHEST, VIEW = 5_000.0, 300.0, 500.0, 100.0
homes, trees, parks = np.column_stack(points('homes')), np.column_stack(points('green_trees')), polygons('green_parks')


def digest(found):
    green, tree = found
    seen = np.isfinite(tree)
    return {'near_green': str((green <= NEAR).sum()), 'green': str(len(green)), 'green_metres': float(green.sum()),
            'third_tree': str(seen.sum()), 'tree_metres': float(tree[seen].sum())}


if ENGINE == 'shapely and scipy':
    from scipy.spatial import cKDTree

    def operation():
        large = shapely.STRtree(parks[shapely.area(parks) >= LEAST_AREA])
        _, green = large.query_nearest(shapely.points(homes), max_distance=FARTHEST, return_distance=True, all_matches=False)
        tree, _ = cKDTree(trees).query(homes, k=[3], distance_upper_bound=np.nextafter(VIEW, np.inf))
        return green, tree[:, 0]
    measure('shapely', operation, digest)

else:
    unknown()
