"""A choropleth of the IRIS of Lyon by geopandas and matplotlib, as SVG or PNG: choropleth_svg, choropleth_png."""
from common import *
import io
import geopandas, mapclassify, matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt

FORM = TASK.removeprefix('choropleth_')
CLASSES, WIDTH, INCHES = 6, 1_800, 10
zones = geopandas.GeoDataFrame({'density': column('iris_densities')}, geometry=polygons('iris'), crs=3946)


def operation():
    figure, axes = plt.subplots(figsize=(INCHES, INCHES))
    zones.plot(column='density', scheme='Quantiles', k=CLASSES, cmap='YlGnBu', edgecolor='white', linewidth=0.4,
               legend=True, ax=axes)
    axes.set_axis_off()
    axes.set_title('Where do people live?', loc='left')
    file = io.BytesIO()
    figure.savefig(file, format=FORM, dpi=WIDTH / INCHES)
    plt.close(figure)
    return file.getvalue()


def digest(picture):
    print(len(picture), 'bytes', file=sys.stderr)
    classes = mapclassify.Quantiles(zones.density, k=CLASSES)
    return {'zones': str(int(classes.counts.sum())), 'bounds': float(classes.bins.sum())}


if ENGINE == 'geopandas':
    measure('geopandas', operation, digest)

else:
    unknown()
