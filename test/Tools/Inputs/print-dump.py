# Prints the list of a directory of dumped blobs, with their values.
import json
import sys

import numpy

for entry in json.load(open(sys.argv[1] + '/layers.json')):
    print(entry['layer'], entry['run'], entry['file'],
          numpy.load(sys.argv[1] + '/' + entry['file']))
