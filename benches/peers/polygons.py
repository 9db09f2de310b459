"""Points in polygons: pip_count, pip_id, trees_iris."""
from common import *

points_name, polygons_name = {'trees_iris': ('trees', 'iris')}.get(TASK, ('points', 'communes'))
x, y = points(points_name)
zones = polygons(polygons_name)
k = len(zones)
ids = TASK == 'pip_id'


def rows(found):
    """`found`: row of the polygon per point, -1 for none."""
    return {'located': str(int((found >= 0).sum())), 'checksum': checksum(found.astype(np.int64) + 1)}


def tables():
    import pyarrow as pa, shapely
    number = pa.array(np.arange(len(x), dtype=np.int32))
    return (pa.table({'i': number, 'x': x, 'y': y}),
            pa.table({'id': pa.array(np.arange(k, dtype=np.int32)), 'geom': pa.array(shapely.to_wkb(zones), pa.binary())}))


def scattered(found, key, n, size, empty):
    out = np.full(size, empty, np.int64)
    out[np.asarray(found[key])] = np.asarray(found[n])
    return out


def of_pairs(found):
    """Counts per zone or zone per point, from the table that a join gave."""
    return scattered(found, 'i', 'id', len(x), -1) if ids else scattered(found, 'id', 'n', k, 0)


if ENGINE == 'shapely':
    # One prepared polygon at a time on plain coordinates, after a test of its rectangle: the fastest way through GEOS.
    import shapely

    def operation():
        shapely.prepare(zones)
        found = np.full(len(x), -1, np.int32) if ids else np.zeros(k, np.int64)
        for row, zone in enumerate(zones):
            west, south, east, north = zone.bounds
            near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
            inside = shapely.contains_xy(zone, x[near], y[near])
            if ids:
                found[near[inside]] = row
            else:
                found[row] = inside.sum()
        return found
    measure('shapely', operation, rows if ids else counts)

elif ENGINE == 'pycanopy':
    import polars as pl, pycanopy as pc, shapely
    frame = pl.DataFrame({'id': np.arange(k), 'geom': pl.Series(shapely.to_wkb(zones).tolist(), dtype=pl.Binary)})
    dots = pl.DataFrame({'i': np.arange(len(x)), 'x': x, 'y': y}) if ids else pl.DataFrame({'x': x, 'y': y})

    def operation():
        joined = pc.SpatialFrame.from_wkb_polygons(frame, 'geom').lazy().within_join(dots, x_col='x', y_col='y')
        return joined.collect() if ids else joined.group_by('id').agg(n=pc.agg.count())
    measure('pycanopy', operation, lambda found: (rows if ids else counts)(of_pairs(found)))

elif ENGINE == 'sedonadb':
    dots, frame = tables()
    sd = sedona()
    sd.create_data_frame(dots).to_view('p')
    sd.create_data_frame(frame).to_view('z0')
    sd.sql('select id, ST_GeomFromWKB(geom) g from z0').to_memtable().to_view('z')
    pairs = 'p join z on ST_Contains(z.g, ST_Point(p.x, p.y))'
    query = f'select p.i, z.id from {pairs}' if ids else f'select z.id, count(*) n from {pairs} group by z.id'
    measure('sedonadb', lambda: sd.sql(query).to_pandas(), lambda found: (rows if ids else counts)(of_pairs(found)))

elif ENGINE == 'duckdb':
    dots, frame = tables()
    c = duck()
    c.register('p0', dots)
    c.register('z0', frame)
    c.execute('create table p as select * from p0')
    c.execute('create table z as select id, ST_GeomFromWKB(geom) g from z0')
    # ST_DWithin of 0 takes a faster path than ST_Contains in this version, and counts the same where no point is on a border.
    pairs = 'p join z on ST_DWithin(z.g, ST_Point(p.x, p.y), 0)'
    query = f'select p.i, z.id from {pairs}' if ids else f'select z.id, count(*) n from {pairs} group by z.id'
    measure('duckdb', lambda: c.execute(query).fetchnumpy(), lambda found: (rows if ids else counts)(of_pairs(found)))

elif ENGINE == 'geopandas':
    import geopandas as gpd
    frame = gpd.GeoDataFrame({'id': np.arange(k)}, geometry=zones, crs=2154)

    def operation():
        dots = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=2154))
        return gpd.sjoin(dots, frame, predicate='within').groupby('id').size().reindex(range(k), fill_value=0).to_numpy()
    measure('geopandas', operation, counts)

else:
    unknown()
