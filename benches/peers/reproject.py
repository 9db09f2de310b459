"""Longitude and latitude to a conic projection: to_lambert93, to_cc46."""
from common import *

epsg = {'to_lambert93': 2154, 'to_cc46': 3946}[TASK]
lon, lat = points('places')


def digest(x, y):
    return {'x0': float(x[0]), 'y0': float(y[0]), 'x': float(np.mean(x)), 'y': float(np.mean(y))}


if ENGINE == 'pyproj':
    import pyproj
    transformer = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    measure('pyproj', lambda: transformer.transform(lon, lat), lambda found: digest(*found))

elif ENGINE in ('sedonadb', 'duckdb'):
    import pyarrow as pa
    table = pa.table({'x': lon, 'y': lat})
    if ENGINE == 'duckdb':
        c = duck()
        c.register('t0', table)
        c.execute('create table t as select ST_Point(x, y) g from t0')
        moved = f"select ST_Transform(g, 'EPSG:4326', 'EPSG:{epsg}', always_xy := true) h from t"
        run = lambda sql: c.execute(sql).fetchall()[0]
    else:
        sd = sedona()
        sd.create_data_frame(table).to_view('t0')
        sd.sql('select ST_SetSRID(ST_Point(x, y), 4326) g from t0').to_memtable().to_view('t')
        moved = f"select ST_Transform(g, 'EPSG:{epsg}') h from t"
        run = lambda sql: tuple(sd.sql(sql).to_pandas().iloc[0])
    query = f'select avg(ST_X(h)) x, avg(ST_Y(h)) y from ({moved})'
    measure(ENGINE, lambda: run(query), lambda found: {'x': float(found[0]), 'y': float(found[1])})

else:
    unknown()
