"""Exact share of each cell of a grid that polygons cover: cover."""
from common import *

west, south, size, columns, lines = column('grid')
nx, ny = int(columns), int(lines)
shapes = polygons('crowns')


def digest(areas):
    """`areas`: m² covered per cell, in any order of the cells."""
    return {'area': float(areas.sum()), 'squares': float((areas ** 2).sum()), 'cells': float((areas > 1e-6).sum())}


def cells():
    import shapely
    i, j = (a.ravel() for a in np.meshgrid(np.arange(nx), np.arange(ny)))
    return shapely.box(west + i * size, south + j * size, west + (i + 1) * size, south + (j + 1) * size)


if ENGINE == 'exactextract':
    import warnings
    import exactextract, geopandas as gpd
    from exactextract.raster import NumPyRasterSource
    warnings.filterwarnings('ignore')
    frame = gpd.GeoDataFrame({'id': np.arange(len(shapes))}, geometry=shapes, crs=2154)
    numbers = np.arange(nx * ny, dtype=np.float64).reshape(ny, nx)
    raster = NumPyRasterSource(numbers, xmin=west, xmax=west + nx * size, ymin=south, ymax=south + ny * size, srs_wkt=frame.crs.to_wkt())

    def operation():
        found = exactextract.exact_extract(raster, frame, ['values', 'coverage'], output='pandas')
        cell = np.concatenate(found['values'].to_numpy()).astype(np.int64)
        share = np.concatenate(found['coverage'].to_numpy())
        return np.bincount(cell, share * size * size, minlength=nx * ny)
    measure('exactextract', operation, digest)

elif ENGINE == 'shapely':
    import shapely
    boxes = cells()

    def operation():
        tree = shapely.STRtree(boxes)
        shape, cell = tree.query(shapes, predicate='intersects')
        return np.bincount(cell, shapely.area(shapely.intersection(shapes[shape], boxes[cell])), minlength=nx * ny)
    measure('shapely', operation, digest)

elif ENGINE in ('sedonadb', 'duckdb'):
    import pyarrow as pa, shapely
    def table(rows):
        return pa.table({'id': pa.array(np.arange(len(rows), dtype=np.int32)), 'geom': pa.array(shapely.to_wkb(rows), pa.binary())})
    sql = 'select c.id, sum(ST_Area(ST_Intersection(p.g, c.g))) a from p join c on ST_Intersects(p.g, c.g) group by c.id'
    if ENGINE == 'duckdb':
        c = duck()
        for name, rows in (('p', shapes), ('c', cells())):
            source = table(rows)
            c.register(name + '0', source)
            c.execute(f'create table {name} as select id, ST_GeomFromWKB(geom) g from {name}0')
        run = lambda: c.execute(sql).fetchnumpy()
    else:
        sd = sedona()
        for name, rows in (('p', shapes), ('c', cells())):
            sd.create_data_frame(table(rows)).to_view(name + '0')
            sd.sql(f'select id, ST_GeomFromWKB(geom) g from {name}0').to_memtable().to_view(name)
        run = lambda: sd.sql(sql).to_pandas()
    measure(ENGINE, run, lambda found: digest(np.asarray(found['a'])))

else:
    unknown()
