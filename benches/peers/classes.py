"""Classes of the smallest variance: fisher_10k, fisher_1m."""
from common import *

CLASSES = 7
values = column({'fisher_10k': 'classes_ten_thousand', 'fisher_1m': 'classes_million'}[TASK])


def digest(bounds):
    return {'values': str(len(values)), 'bounds': float(np.sum(bounds))}


if ENGINE == 'mapclassify':
    import mapclassify
    # Compiled by numba when it is first called.
    mapclassify.FisherJenks(values[:100], k=CLASSES)
    measure('mapclassify', lambda: mapclassify.FisherJenks(values, k=CLASSES), lambda classes: digest(classes.bins))

elif ENGINE == 'jenkspy':
    import jenkspy
    measure('jenkspy', lambda: jenkspy.jenks_breaks(values, n_classes=CLASSES), lambda breaks: digest(breaks[1:]))

elif ENGINE == 'ckwrap':
    # Ckmeans.1d.dp (Song & Zhong 2020) of R, in C++.
    import ckwrap

    def highest(classes):
        bounds = np.full(CLASSES, -np.inf)
        np.maximum.at(bounds, classes.labels, values)
        return bounds
    measure('ckwrap', lambda: ckwrap.ckmeans(values, CLASSES), lambda classes: digest(highest(classes)))

else:
    unknown()
