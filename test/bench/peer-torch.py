"""The workloads in PyTorch, written as its own tutorials do: nn.Sequential, CrossEntropyLoss, torch.optim.

peer-torch.py check W1,W2,..                    losses of the first steps, to be compared with everybody's
peer-torch.py measure W1,.. SECONDS REPEATS     (`products` is passed over: NumPy measures the same library)
Prints one JSON object a line. One thread, float32.
"""

import json
import statistics
import sys
import time

import numpy as np
import torch
from torch import nn

ROWS, BATCH = 60_000, 100
CHECK_ROWS, CHECK_BATCH, CHECK_STEPS = 80, 20, 4
torch.set_num_threads(1)
torch.manual_seed(0)


def uniform(first, count):
    """Hash of a counter, in [0, 1): the numbers every peer starts from."""
    x = (np.arange(count, dtype=np.uint64) + np.uint64(first)).astype(np.uint32)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    x = x ^ (x >> np.uint32(16))
    return (x / 4294967296.0).astype(np.float32)


def make_data(rows):
    x = np.empty((rows, 784), np.float32)
    for start in range(0, rows, 5000):
        stop = min(rows, start + 5000)
        x[start:stop] = uniform(start * 784, (stop - start) * 784).reshape(-1, 784)
    x = torch.from_numpy(x)
    return x, (x[:, :10] + x[:, 10:20]).argmax(1)


def make_net(workload, dropout=True):
    drawn = 0

    def draw(shape, fan_in, gain):
        nonlocal drawn
        limit = np.sqrt(3 * gain / fan_in)
        u = uniform(1_000_000_000 + 10_000_000 * drawn, int(np.prod(shape)))
        drawn += 1
        return torch.from_numpy(((2 * u.astype(np.float64) - 1) * limit).astype(np.float32).reshape(shape))

    def linear(inputs, units, gain=2):
        layer = nn.Linear(inputs, units)
        with torch.no_grad():
            layer.weight.copy_(draw((inputs, units), inputs, gain).T)
            layer.bias.zero_()
        return layer

    if workload == "W1":
        net = nn.Sequential(linear(784, 50, 1), nn.Sigmoid(), linear(50, 10, 1))
        return net, torch.optim.SGD(net.parameters(), lr=0.1)
    if workload == "W4":
        conv = nn.Conv2d(1, 30, 5)
        with torch.no_grad():
            conv.weight.copy_(draw((30, 1, 5, 5), 25, 2))
            conv.bias.zero_()
        net = nn.Sequential(
            conv, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), linear(4320, 100), nn.ReLU(), linear(100, 10)
        )
        return net, torch.optim.Adam(net.parameters())
    layers, inputs = [], 784
    for _ in range(5):
        layers.append(linear(inputs, 100))
        if workload == "W3":
            layers.append(nn.BatchNorm1d(100))
        layers.append(nn.ReLU())
        if workload == "W3" and dropout:
            layers.append(nn.Dropout(0.2))
        inputs = 100
    net = nn.Sequential(*layers, linear(100, 10))
    return net, torch.optim.Adam(net.parameters())


loss_of = nn.CrossEntropyLoss()


def train(net, optimizer, x, t):
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(net(x), t)
    loss.backward()
    optimizer.step()
    return loss


def emit(**line):
    print(json.dumps(line), flush=True)


def rate(call, seconds, repeats):
    """Calls a second, the median of some measurements, and the share of a processor that went into them."""
    start = time.perf_counter()
    call()
    first = time.perf_counter() - start
    if first > 2 * seconds:
        return 1 / first, None
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        call()
    rates, began, used = [], time.perf_counter(), time.process_time()
    for _ in range(repeats):
        calls, start = 0, time.perf_counter()
        while True:
            call()
            calls += 1
            now = time.perf_counter()
            if now - start >= seconds:
                break
        rates.append(calls / (now - start))
    share = (time.process_time() - used) / (time.perf_counter() - began)
    return statistics.median(rates), share


def shaped(workload, x):
    return x.view(-1, 1, 28, 28) if workload == "W4" else x


def check(workloads):
    x, t = make_data(CHECK_ROWS)
    for workload in workloads:
        net, optimizer = make_net(workload, dropout=False)
        if workload == "W5":
            net.eval()
            with torch.inference_mode():
                values = net(x[:2]).flatten().tolist()
        else:
            net.train()
            xs = shaped(workload, x)
            parts = [slice(i * CHECK_BATCH, (i + 1) * CHECK_BATCH) for i in range(CHECK_STEPS)]
            values = [train(net, optimizer, xs[part], t[part]).item() for part in parts]
        emit(kind="check", workload=workload, values=values)


def measure(workloads, seconds, repeats):
    x, t = make_data(ROWS)
    for workload in workloads:
        net, optimizer = make_net(workload)
        if workload == "W5":
            net.eval()

            def infer():
                with torch.inference_mode():
                    for start in range(0, 10_000, BATCH):
                        net(x[start : start + BATCH]).argmax(1)

            value, share = rate(infer, seconds, repeats)
            emit(kind="figure", workload=workload, metric="samples/s", value=10_000 * value, share=share)
            continue
        net.train()
        xs = shaped(workload, x)

        def step():
            rows = torch.randint(ROWS, (BATCH,))
            train(net, optimizer, xs[rows], t[rows])

        value, share = rate(step, seconds, repeats)
        emit(kind="figure", workload=workload, metric="steps/s", value=value, share=share)


if __name__ == "__main__":
    what, names = sys.argv[1], [w for w in sys.argv[2].split(",") if w != "products"]
    if what == "check":
        check(names)
    else:
        measure(names, float(sys.argv[3]), int(sys.argv[4]))
