"""NDVI and its statistics by zone: ndvi_iris."""
from common import *

GREEN = 0.3
west, north, columns, rows = column('reflectance_grid')
PIXEL = 10.0
red, nir = (column(band).reshape(int(rows), int(columns)) for band in ('red', 'nir'))
zones = polygons('green_iris')

if ENGINE == 'exactextract':
    import warnings
    import exactextract, geopandas as gpd, shapely
    from exactextract.raster import NumPyRasterSource
    warnings.filterwarnings('ignore')
    frame = gpd.GeoDataFrame({'id': np.arange(len(zones))}, geometry=zones, crs=3946)
    place = dict(xmin=west, xmax=west + columns * PIXEL, ymin=north - rows * PIXEL, ymax=north, srs_wkt=frame.crs.to_wkt())

    def operation():
        index = (nir - red) / (nir + red)
        green = np.where(np.isnan(index), np.nan, index > GREEN)
        rasters = [NumPyRasterSource(values, name=name, **place) for name, values in (('index', index), ('green', green))]
        of_index = exactextract.exact_extract(rasters[0], frame, ['mean', 'median', 'count'], output='pandas')
        of_green = exactextract.exact_extract(rasters[1], frame, ['mean'], output='pandas')
        return of_index, of_green

    def digest(found):
        of_index, of_green = found
        complete = of_index['count'] * PIXEL ** 2 / shapely.area(zones)
        return {'mean': float(of_index['mean'].sum()), 'median': float(of_index['median'].sum()),
                'green_share': float(100 * of_green['mean'].sum()), 'completeness': float(complete.sum())}
    measure('exactextract', operation, digest)

else:
    unknown()
