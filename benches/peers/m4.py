"""Series of M4 by statsforecast: m4_theta, m4_ets_*, m4_arima_*; one series after the other, in this process."""
from common import *

GROUPS = [line.rstrip('\n').split('|') for line in open(f'{FOLDER}/{TASK}.m4.txt')]
SERIES = [(int(period), int(horizon), np.array(past.split(), float), np.array(coming.split(), float))
          for _, period, horizon, past, coming in GROUPS]


def model(period):
    import statsforecast.models as models
    if TASK == 'm4_theta':
        return models.DynamicOptimizedTheta(season_length=period)
    if TASK.startswith('m4_ets'):
        return models.AutoETS(season_length=period)
    if TASK.startswith('m4_arima'):
        return models.AutoARIMA(season_length=period)
    unknown()


def forecasts():
    made = {period: model(period) for period in {period for period, *_ in SERIES}}
    return [made[period].forecast(past, horizon)['mean'] for period, horizon, past, _ in SERIES]


def digest(found):
    smape, mase = [], []
    for (period, _, past, coming), points in zip(SERIES, found):
        smape.append(200 * np.mean(np.abs(coming - points) / (np.abs(coming) + np.abs(points))))
        mase.append(np.mean(np.abs(coming - points)) / np.mean(np.abs(past[period:] - past[:-period])))
    return {'series': str(len(SERIES)), 'smape': float(np.mean(smape)), 'mase': float(np.mean(mase))}


if ENGINE == 'statsforecast':
    model(1).forecast(np.arange(20.0) % 7, 1)  # loads what is loaded on first use
    measure('statsforecast', forecasts, digest)

else:
    unknown()
