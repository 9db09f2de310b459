"""DBSCAN: dbscan."""
from common import *

REACH, LEAST = 25.0, 10
xy = np.column_stack(points('crowd'))


def digest(labels):
    """Border points may belong to any of the clusters they touch: only counts are compared."""
    labels = np.asarray(labels)
    return {'clusters': str(len(set(np.unique(labels)) - {-1})), 'noise': str(int((labels == -1).sum()))}


if ENGINE == 'scikit-learn':
    from sklearn.cluster import DBSCAN
    measure('scikit-learn', lambda: DBSCAN(eps=REACH, min_samples=LEAST, algorithm='kd_tree').fit(xy).labels_, digest)

elif ENGINE == 'dbscan':
    import dbscan
    measure('dbscan', lambda: dbscan.DBSCAN(xy, eps=REACH, min_samples=LEAST)[0], digest)

else:
    unknown()
