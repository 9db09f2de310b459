"""Vector tiles by tippecanoe, and archives of ours read by the reference decoders: tiles_points, tiles_polygons,
tiles_cells.  What is measured of `decoders` is the reading."""
import gzip, os, resource, subprocess
from common import *
import mapbox_vector_tile
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from pmtiles.reader import MmapSource, Reader, all_tiles

LIMIT = 500_000


def read(path):
    """Digest of the features of the highest zoom; some tiles of all zooms are decoded to the last coordinate."""
    with open(path, 'rb') as file:
        source = MmapSource(file)
        highest = Reader(source).header()['max_zoom']
        ids, heights, largest = set(), 0.0, 0
        for number, ((zoom, x, y), compressed) in enumerate(all_tiles(source)):
            largest = max(largest, len(compressed))
            data = gzip.decompress(compressed)
            if number % 40 == 0:
                decoded = mapbox_vector_tile.decode(data, default_options={'y_coord_down': True})
                assert list(decoded) == ['features'], list(decoded)
                for feature in decoded['features']['features']:
                    assert feature['geometry']['coordinates'], feature
            if zoom < highest:
                continue
            tile = vector_tile_pb2.tile()
            tile.ParseFromString(data)
            for layer in tile.layers:
                keys = list(layer.keys)
                if TASK == 'tiles_cells':
                    check_cells(layer)
                    continue
                height = keys.index('height')
                for feature in layer.features:
                    if feature.id not in ids:
                        ids.add(feature.id)
                        tags = feature.tags
                        value = layer.values[tags[list(tags[::2]).index(height) * 2 + 1]]
                        heights += value.double_value or value.float_value or value.uint_value or value.int_value
    within = 'true' if largest <= LIMIT else 'false'
    if TASK == 'tiles_cells':
        return {'within_limit': within}
    return {'highest_zoom': str(len(ids)), 'within_limit': within, 'height': heights}


def check_cells(layer):
    """A tile of cells has one feature per class, each a polygon."""
    classes = [layer.values[feature.tags[1]].uint_value for feature in layer.features]
    assert len(set(classes)) == len(classes) and all(feature.type == 3 for feature in layer.features)


def tippecanoe():
    path = f'{FOLDER}/{TASK}.tippecanoe.pmtiles'
    program = os.path.join(os.path.dirname(sys.executable), 'tippecanoe')
    environment = dict(os.environ, TIPPECANOE_MAX_THREADS=os.environ['OMP_NUM_THREADS'])
    subprocess.run([program, '-q', '-f', '-o', path, '-Z6', '-z14', '-P', '-l', 'features', '--drop-densest-as-needed',
                    f'{FOLDER}/{TASK}.geojsonl'], check=True, env=environment)
    return path


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if ENGINE == 'decoders':
    measure('mapbox-vector-tile', lambda: read(f'{FOLDER}/{TASK}.pmtiles'), lambda digest: digest)

elif ENGINE == 'tippecanoe':
    # A program of its own: its time and memory are those of the child.
    wall = time.perf_counter()
    path = tippecanoe()
    wall = time.perf_counter() - wall
    cpu, peak = children()
    version = f'tippecanoe {importlib.metadata.version("tippecanoe")}'
    print(json.dumps(dict(cpu_s=cpu, wall_s=wall, peak_mib=peak, repetitions=1, version=version, digest=read(path))))

else:
    unknown()
