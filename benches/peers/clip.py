"""Area that pairs of polygons share: clip_strata, clip_parks."""
from common import *

layer = {'clip_strata': 'strata', 'clip_parks': 'parks'}[TASK]
shapes, zones = polygons(layer), polygons('limits')


def digest(areas):
    return {'area': float(np.sum(areas)), 'squares': float((np.asarray(areas) ** 2).sum())}


if ENGINE == 'shapely':
    import shapely

    def operation():
        shape, zone = shapely.STRtree(zones).query(shapes, predicate='intersects')
        return shapely.area(shapely.intersection(shapes[shape], zones[zone]))
    measure('shapely', operation, digest)

elif ENGINE == 'geopandas':
    import geopandas as gpd
    left, right = (gpd.GeoDataFrame(geometry=rows, crs=3946) for rows in (shapes, zones))
    measure('geopandas', lambda: gpd.overlay(left, right, how='intersection').area.to_numpy(), digest)

elif ENGINE in ('sedonadb', 'duckdb'):
    import pyarrow as pa, shapely
    sql = 'select ST_Area(ST_Intersection(s.g, z.g)) a from s join z on ST_Intersects(s.g, z.g)'
    tables = {name: pa.table({'geom': pa.array(shapely.to_wkb(rows), pa.binary())}) for name, rows in (('s', shapes), ('z', zones))}
    if ENGINE == 'duckdb':
        c = duck()
        for name, table in tables.items():
            c.register(name + '0', table)
            c.execute(f'create table {name} as select ST_GeomFromWKB(geom) g from {name}0')
        run = lambda: c.execute(sql).fetchnumpy()['a']
    else:
        sd = sedona()
        for name, table in tables.items():
            sd.create_data_frame(table).to_view(name + '0')
            sd.sql(f'select ST_GeomFromWKB(geom) g from {name}0').to_memtable().to_view(name)
        run = lambda: sd.sql(sql).to_pandas()['a'].to_numpy()
    measure(ENGINE, run, digest)

else:
    unknown()
