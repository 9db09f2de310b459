"""Ground within a distance: buffer_parks, buffer_trees."""
from common import *

layer, distance = {'buffer_parks': ('parks', 50.0), 'buffer_trees': ('trees', 5.0)}[TASK]


def rows():
    import shapely
    return polygons(layer) if layer == 'parks' else shapely.points(*points(layer))


def digest(made):
    import shapely
    areas = shapely.area(made)
    return {'area': float(areas.sum()), 'squares': float((areas ** 2).sum())}


if ENGINE == 'shapely':
    import shapely
    shapes = rows()
    measure('shapely', lambda: shapely.buffer(shapes, distance, quad_segs=16), digest)

elif ENGINE == 'geopandas':
    import geopandas as gpd
    series = gpd.GeoSeries(rows(), crs=3946)
    measure('geopandas', lambda: series.buffer(distance).to_numpy(), digest)

elif ENGINE == 'duckdb':
    import pyarrow as pa, shapely
    c = duck()
    c.register('t0', pa.table({'geom': pa.array(shapely.to_wkb(rows()), pa.binary())}))
    c.execute('create table t as select ST_GeomFromWKB(geom) g from t0')
    run = lambda: c.execute(f'create or replace table made as select ST_Buffer(g, {distance}, 16) g from t')
    measure('duckdb', run, lambda _: digest(shapely.from_wkb(c.execute('select ST_AsWKB(g) g from made').to_arrow_table()['g'].to_numpy())))

else:
    unknown()
