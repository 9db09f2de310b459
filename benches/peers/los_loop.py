"""Speeds at 207 places 15, 30 and 60 minutes ahead by LightGBM with the absolute loss: los_loop.

Features of each place and moment: the last twelve values and six weighted means of the neighbours against the last value, that
value, mean and deviation of the place, deviation of the last twelve values, time of day of the target.  All moments are learned from.
"""
from common import *

AHEAD = (3, 6, 12)


def features(speeds, near, learned, moments, ahead):
    last = [speeds[moments - lag] for lag in range(12)]
    around = [near[moments - lag] for lag in range(6)]
    wide = lambda row: np.broadcast_to(row, (len(moments), speeds.shape[1]))
    against = [column - speeds[moments] for column in last + around + [wide(speeds[:learned].mean(0))]]
    clock = np.broadcast_to(((moments + ahead) % 288)[:, None], (len(moments), speeds.shape[1]))
    rest = [speeds[moments], np.stack(last, -1).std(-1), clock, wide(speeds[:learned].std(0))]
    return np.stack(against + rest, -1).reshape(-1, len(against) + len(rest))


def forecasts():
    import lightgbm
    near = speeds @ (weights / weights.sum(1, keepdims=True)).T
    found = []
    for ahead in AHEAD:
        moments = np.arange(11, learned - ahead)
        target = (speeds[moments + ahead] - speeds[moments]).ravel()
        options = dict(objective='regression_l1', learning_rate=.08, num_leaves=63, min_data_in_leaf=200, max_bin=127,
                       verbose=-1, num_threads=1)
        trees = lightgbm.train(options, lightgbm.Dataset(features(speeds, near, learned, moments, ahead), target), 120)
        moments = np.arange(learned + 11, len(speeds) - ahead)
        left = trees.predict(features(speeds, near, learned, moments, ahead), num_threads=1)
        found.append((moments + ahead, speeds[moments] + left.reshape(len(moments), -1)))
    return found


def digest(found):
    return {f'mae_{5 * ahead}': float(np.abs(speeds[then] - points).mean()) for ahead, (then, points) in zip(AHEAD, found)}


speeds = np.loadtxt(f'{FOLDER}/los_speed.csv', delimiter=',', skiprows=1)
weights = np.loadtxt(f'{FOLDER}/los_near.csv', delimiter=',')
learned = int(len(speeds) * .8)

if ENGINE == 'lightgbm':
    measure('lightgbm', forecasts, digest)

else:
    unknown()
