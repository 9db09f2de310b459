"""k nearest neighbours: knn5."""
from common import *

K = 5
bases, queries = np.column_stack(points('bases')), np.column_stack(points('queries'))


def digest(distances):
    return {'sum': float(np.sum(distances)), 'farthest': float(np.sum(distances[:, -1]))}


if ENGINE == 'scipy':
    from scipy.spatial import cKDTree
    measure('scipy', lambda: cKDTree(bases).query(queries, k=K), lambda found: digest(found[0]))

elif ENGINE == 'pykdtree':
    from pykdtree.kdtree import KDTree
    measure('pykdtree', lambda: KDTree(bases).query(queries, k=K), lambda found: digest(found[0]))

elif ENGINE == 'pycanopy':
    import polars as pl, pycanopy as pc
    b = pl.DataFrame({'id': np.arange(len(bases)), 'x': bases[:, 0], 'y': bases[:, 1]})
    q = pl.DataFrame({'qid': np.arange(len(queries)), 'qx': queries[:, 0], 'qy': queries[:, 1]})

    def operation():
        return pc.SpatialFrame(b, x_col='x', y_col='y').lazy().knn_join(q, x_col='qx', y_col='qy', k=K).collect()

    def of_pairs(found):
        far = ((pl.col('x') - pl.col('qx')) ** 2 + (pl.col('y') - pl.col('qy')) ** 2).sqrt()
        return digest(np.sort(found.select('qid', d=far).sort('qid')['d'].to_numpy().reshape(-1, K), axis=1))
    measure('pycanopy', operation, of_pairs)

elif ENGINE == 'sedonadb':
    import pyarrow as pa
    sd = sedona()
    for name, xy in (('b', bases), ('q', queries)):
        table = pa.table({'id': np.arange(len(xy)), 'x': xy[:, 0].copy(), 'y': xy[:, 1].copy()})
        sd.create_data_frame(table).to_view(name + '0')
        sd.sql(f'select id, ST_Point(x, y) g from {name}0').to_memtable().to_view(name)
    query = f'''select sum(s) s, sum(m) m from (select q.id, sum(ST_Distance(q.g, b.g)) s, max(ST_Distance(q.g, b.g)) m
        from q join b on ST_KNN(q.g, b.g, {K}, FALSE) group by q.id)'''
    measure('sedonadb', lambda: sd.sql(query).to_pandas(), lambda t: {'sum': float(t['s'][0]), 'farthest': float(t['m'][0])})

else:
    unknown()
