"""Queries of SpatialBench in SQL (revision of July 2026: at most 100 rows): spatialbench_q2, q4, q6, q8, q10, q11, q12."""
from common import *

G = 'ST_GeomFromWKB'
PICKUP = f'{G}(t.t_pickuploc)'
BOX = 'POLYGON((-112.2110 34.4197, -111.3110 34.4197, -111.3110 35.3197, -112.2110 35.3197, -112.2110 34.4197))'
QUERIES = {
    'q2': f"""SELECT COUNT(*) n FROM trip t WHERE ST_Intersects({PICKUP},
        (SELECT {G}(z.z_boundary) FROM zone z WHERE z.z_name = 'Coconino County' LIMIT 1))""",
    'q4': f"""SELECT z.z_zonekey, z.z_name, COUNT(*) n FROM zone z
        JOIN (SELECT t.t_pickuploc FROM trip t ORDER BY t.t_tip DESC, t.t_tripkey LIMIT 1000) tt
        ON ST_Within({G}(tt.t_pickuploc), {G}(z.z_boundary))
        GROUP BY z.z_zonekey, z.z_name ORDER BY n DESC, z.z_zonekey""",
    'q6': f"""SELECT z.z_zonekey, z.z_name, COUNT(t.t_tripkey) n, AVG(t.t_totalamount) a, AVG(t.t_dropofftime - t.t_pickuptime) du
        FROM trip t, zone z WHERE ST_Intersects(ST_GeomFromText('{BOX}'), {G}(z.z_boundary)) AND ST_Within({PICKUP}, {G}(z.z_boundary))
        GROUP BY z.z_zonekey, z.z_name ORDER BY n DESC, z.z_zonekey""",
    'q8': f"""SELECT b.b_buildingkey, b.b_name, COUNT(*) n FROM trip t JOIN building b ON ST_DWithin({PICKUP}, {G}(b.b_boundary), 0.0045)
        GROUP BY b.b_buildingkey, b.b_name ORDER BY n DESC, b.b_buildingkey LIMIT 100""",
    'q10': f"""SELECT z.z_zonekey, z.z_name, AVG(t.t_dropofftime - t.t_pickuptime) du, AVG(t.t_distance) d, COUNT(t.t_tripkey) n
        FROM zone z LEFT JOIN trip t ON ST_Within({PICKUP}, {G}(z.z_boundary))
        GROUP BY z.z_zonekey, z.z_name ORDER BY du DESC NULLS LAST, z.z_zonekey LIMIT 100""",
    'q11': f"""SELECT COUNT(*) n FROM trip t JOIN zone pz ON ST_Within({PICKUP}, {G}(pz.z_boundary))
        JOIN zone dz ON ST_Within({G}(t.t_dropoffloc), {G}(dz.z_boundary)) WHERE pz.z_zonekey != dz.z_zonekey""",
    'q12': f"""WITH tg AS (SELECT t_tripkey, {G}(t_pickuploc) g FROM trip), bg AS (SELECT {G}(b_boundary) g FROM building),
        k AS (SELECT t.t_tripkey, ST_Distance(t.g, b.g) d FROM tg t JOIN bg b ON ST_KNN(t.g, b.g, 5, FALSE))
        SELECT t_tripkey, AVG(d) a FROM k GROUP BY t_tripkey ORDER BY a DESC, t_tripkey LIMIT 100""",
}
query = QUERIES[TASK.removeprefix('spatialbench_')]
# The columns of each answer that are counts or keys, and those that may differ by rounding; text is left out, as it goes with the key.
EXACT = {'q2': [0], 'q4': [0, 2], 'q6': [0, 2], 'q8': [0, 2], 'q10': [0, 4], 'q11': [0], 'q12': [0]}[TASK.removeprefix('spatialbench_')]
NUMBERS = {'q6': [3, 4], 'q10': [2, 3], 'q12': [1]}.get(TASK.removeprefix('spatialbench_'), [])


def number(value):
    """Durations in seconds."""
    if hasattr(value, 'total_seconds'):
        return value.total_seconds()
    if isinstance(value, np.timedelta64):
        return value / np.timedelta64(1, 's')
    return float(value)


def digest(rows):
    answer = {'rows': str(len(rows))}
    for place in EXACT:
        answer[f'column {place}'] = checksum([int(row[place]) for row in rows])
    for place in NUMBERS:
        answer[f'column {place}'] = float(np.nansum([number(row[place]) for row in rows if row[place] is not None]))
    return answer


if ENGINE == 'sedonadb':
    sd = sedona()
    for table in ('trip', 'building', 'zone'):
        sd.read_parquet(f'{FOLDER}/{table}.parquet').to_view(table)
    measure('sedonadb', lambda: sd.sql(query).to_pandas().values.tolist(), digest)

elif ENGINE == 'duckdb':
    c = duck()
    c.execute('SET enable_external_file_cache=false')
    for table in ('trip', 'building', 'zone'):
        c.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{FOLDER}/{table}.parquet')")
    measure('duckdb', lambda: c.execute(query).fetchall(), digest)

else:
    unknown()
