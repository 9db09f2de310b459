"""Inputs, measurement and answers of the peers in Python.

usage of each script: SCRIPT TASK ENGINE FOLDER REPETITIONS
prints one line of JSON: cpu_s, wall_s, peak_mib, repetitions, version, digest (text must be equal, numbers may differ
by rounding).  The file formats are told in `benches/src/bin/compare/inputs.rs`.
"""
import importlib.metadata, json, os, sys, time
import numpy as np

TASK, ENGINE, FOLDER, REPETITIONS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
BUDGET = 10.0  # s after which no further repetition begins, as for the engines in Rust


def column(name, kind='f64'):
    return np.fromfile(f'{FOLDER}/{name}.{kind}', {'f64': '<f8', 'u32': '<u4'}[kind])


def points(name):
    return column(f'{name}.x'), column(f'{name}.y')


def polygons(name):
    """Array of shapely polygons, multi-polygons where a row has several."""
    import shapely
    offsets = tuple(column(f'{name}.{level}', 'u32').astype(np.int64) for level in ('rings', 'polygons', 'rows'))
    xy = np.column_stack(points(name))
    rows = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, xy, offsets)
    single = shapely.get_num_geometries(rows) == 1
    rows[single] = shapely.get_geometry(rows[single], 0)
    return rows


def duck():
    import duckdb, duckdb_extension_spatial as extension
    connection = duckdb.connect(config={'allow_unsigned_extensions': 'true'})
    folder = os.path.join(os.path.dirname(extension.__file__), 'extensions', 'v' + duckdb.__version__)
    connection.execute(f"LOAD '{folder}/spatial.duckdb_extension'")
    return connection


def sedona():
    import sedonadb
    return sedonadb.connect()


def peak_mib():
    for line in open('/proc/self/status'):
        if line.startswith('VmHWM:'):
            return int(line.split()[1]) / 1024
    return float('nan')


def reset_peak():
    try:
        with open('/proc/self/clear_refs', 'w') as file:
            file.write('5')
    except OSError:
        pass


def measure(package, operation, digest):
    """Times `operation`; `digest` makes of its result what is compared."""
    begin, cpu, wall, peak, done = time.perf_counter(), [], [], 0.0, 0
    result = answer = None
    while done < REPETITIONS and (done == 0 or time.perf_counter() - begin < BUDGET):
        result = None
        reset_peak()
        c, w = time.process_time(), time.perf_counter()
        result = operation()
        wall.append(time.perf_counter() - w)
        cpu.append(time.process_time() - c)
        peak, done = max(peak, peak_mib()), done + 1
        if answer is None:
            answer = digest(result)
    version = f'{package} {importlib.metadata.version(package)}'
    print(json.dumps(dict(cpu_s=min(cpu), wall_s=min(wall), peak_mib=peak, repetitions=done, version=version, digest=answer)))


def checksum(values):
    """As in `benches/src/bin/compare/digest.rs`."""
    values = np.asarray(values, np.int64)
    return str(int(((np.arange(len(values)) % 1009 + 1) * values).sum()))


def counts(found):
    return {'points': str(int(np.sum(found))), 'checksum': checksum(found)}


def unknown():
    sys.exit(f'{os.path.basename(sys.argv[0])} has no engine {ENGINE} for {TASK}')
