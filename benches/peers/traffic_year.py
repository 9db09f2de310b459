"""A year of six-minute counts to annual indicators of each sensor: traffic_year.

Hourly volumes count where all ten readings are there.  The local time of each hour stands in `calendar.parquet`, so that no
engine has to convert a time zone.  AADT is that of FHWA (2016): an average for each hour of each weekday of each month, all
2,016 needed; TMJO the mean of complete working days; K30 the 30th highest hour over AADT; PHF that of the highest hour, of the first of equals.
"""
from common import *

COUNTS, CALENDAR = f'{FOLDER}/traffic_year.parquet', f'{FOLDER}/traffic_calendar.parquet'

SQL = f"""
with hourly as (
    select sensor, epoch_us(start) // 3600000000 as hour, sum(volume) as volume, count(volume) as readings, max(volume) as highest
    from '{COUNTS}' group by all
), local as (
    select * from hourly join '{CALENDAR}' using (hour)
), cells as (
    select sensor, month, weekday, clock, avg(volume) as mean, any_value(days_of_weekday) as days
    from local where readings = 10 group by sensor, month, weekday, clock
), aadt as (
    select sensor, case when count(*) = 2016 then sum(mean * days) / (select count(distinct day) from '{CALENDAR}') end as aadt
    from cells group by sensor
), days as (
    select sensor, day, sum(volume) as volume
    from local where working group by sensor, day
    having count(*) filter (readings = 10) = any_value(hours_of_day)
), tmjo as (
    select sensor, avg(volume) as tmjo from days group by sensor
), peaks as (
    select sensor, max(volume, 30)[30] as thirtieth, arg_max(volume / (10 * highest), volume - number / 10000) as phf
    from local where readings = 10 group by sensor
), present as (
    select sensor, sum(readings) / (10 * (select count(*) from '{CALENDAR}')) as completeness from hourly group by sensor
)
select sensor, aadt, tmjo, thirtieth / aadt as k30, phf, completeness
from present left join aadt using (sensor) left join tmjo using (sensor) left join peaks using (sensor)
"""


def by_duckdb():
    import duckdb
    connection = duckdb.connect()
    connection.execute('set threads to ' + os.environ.get('OMP_NUM_THREADS', '1'))
    return connection.execute(SQL).fetch_arrow_table().to_pydict()


def by_polars():
    import polars as pl
    calendar = pl.scan_parquet(CALENDAR)
    hour = (pl.col('start').dt.epoch('s') // 3600).alias('hour')
    volume, complete = pl.col('volume'), pl.col('readings') == 10
    hourly = pl.scan_parquet(COUNTS).group_by('sensor', hour).agg(
        volume.sum(), volume.count().alias('readings'), volume.max().alias('highest')).collect(engine='streaming')
    calendar = calendar.collect()
    local = hourly.lazy().join(calendar.lazy(), on='hour')
    whole = local.filter(complete)
    year = calendar['day'].n_unique()
    aadt = whole.group_by('sensor', 'month', 'weekday', 'clock').agg(volume.mean(), pl.col('days_of_weekday').first()).group_by('sensor').agg(
        pl.when(pl.len() == 2016).then((volume * pl.col('days_of_weekday')).sum() / year).alias('aadt'))
    tmjo = whole.filter('working').group_by('sensor', 'day').agg(volume.sum(), (pl.len() == pl.col('hours_of_day').first()).alias('whole')).filter('whole').group_by('sensor').agg(
        volume.mean().alias('tmjo'))
    highest = (volume - pl.col('number') / 10_000).arg_max()
    peaks = whole.group_by('sensor').agg(
        volume.top_k(30).min().alias('thirtieth'), (volume.get(highest) / (10 * pl.col('highest').get(highest))).alias('phf'))
    present = hourly.lazy().group_by('sensor').agg((pl.col('readings').sum() / (10 * len(calendar))).alias('completeness'))
    table = present.join(aadt, on='sensor', how='left').join(tmjo, on='sensor', how='left').join(peaks, on='sensor', how='left')
    return table.with_columns((pl.col('thirtieth') / pl.col('aadt')).alias('k30')).collect(engine='streaming').to_dict(as_series=False)


def by_pyarrow():
    """The scan alone: decodes the three columns, and counts the readings."""
    import pyarrow.parquet as pq
    file, readings = pq.ParquetFile(COUNTS), 0
    for batch in file.iter_batches(columns=['sensor', 'start', 'volume'], use_threads=False, batch_size=65536):
        readings += len(batch) - batch.column('volume').null_count
    return readings / (10 * pq.read_metadata(CALENDAR).num_rows)


def digest(table):
    known = lambda name: [value for value in table[name] if value is not None]
    answer = {name: float(np.sum(known(name))) for name in ('aadt', 'tmjo', 'k30', 'phf', 'completeness')}
    return answer | {'sensors': str(len(table['sensor'])), 'with_aadt': str(len(known('aadt')))}


if ENGINE == 'duckdb':
    measure('duckdb', by_duckdb, digest)

elif ENGINE == 'polars':
    measure('polars', by_polars, digest)

elif ENGINE == 'pyarrow':
    measure('pyarrow', by_pyarrow, lambda completeness: {'completeness': completeness})

else:
    unknown()
