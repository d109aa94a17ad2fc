"""Makes the output of an inner layer the embedding of a module."""

import difflib

from .ending import WRONG_REQUEST, Stop
from .exported_program import is_exported
from .network import import_torch, part_of


def paths_of(node):
    """The layers of the exported module in which an operation of its program lies."""
    return [place[0] for place in node.meta.get("nn_module_stack", {}).values()]


def run_program(torch, program, window, wanted):
    """Returns ({layer: [output]}, what the program returns)."""
    seen = {}

    class Noting(torch.fx.Interpreter):
        def run_node(self, node):
            returned = super().run_node(node)
            for path in paths_of(node):
                if wanted is None or path == wanted:
                    seen[path] = [returned]  # the last operation of a layer gives its output
            return returned

    return seen, Noting(program).run(window)


def run_module(torch, module, window, wanted):
    """The same of a module, with one output for each call of the layer."""
    seen = {}
    hooks = [layer.register_forward_hook(lambda _layer, _given, returned, path=path: seen.setdefault(path, []).append(returned))
             for path, layer in module.named_modules() if path and wanted in (None, path)]
    try:
        return seen, module(window)
    finally:
        for hook in hooks:
            hook.remove()


def run(torch, module, window, wanted=None):
    noting = run_program if is_exported(module) else run_module
    return noting(torch, module, window, wanted)


def is_embedding(torch, outputs, batch):
    """Whether a layer has one output with a row of numbers for each window."""
    return (len(outputs) == 1 and isinstance(outputs[0], torch.Tensor) and outputs[0].ndim >= 2 and len(outputs[0]) == batch and
            outputs[0].is_floating_point() and all(size == 1 for size in outputs[0].shape[2:]))


def require_embedding(torch, module, layer, example):
    with torch.no_grad():
        seen, _ = run(torch, module, example)
    fitting = [path for path, outputs in seen.items() if path and is_embedding(torch, outputs, len(example))]
    if layer in fitting:
        return
    near = difflib.get_close_matches(layer, fitting, 1, 0.75)
    hint = f"did you mean {near[0]}?" if near else f"such layers are {', '.join(fitting[-8:]) or 'not there'}"
    if layer not in seen:
        what = "the module has no such layer, or does not call it"
    elif len(seen[layer]) > 1:
        what = f"the module calls it {len(seen[layer])} times"
    else:
        returned = seen[layer][0]
        what = f"its output is {tuple(returned.shape) if isinstance(returned, torch.Tensor) else type(returned).__name__}"
    raise Stop(f"--embedding {layer}: {what}; expected a layer that gives [batch, size] once; {hint}", WRONG_REQUEST)


def outputs_with_embedding(outputs):
    """The card's outputs for such a module."""
    if "embedding" in outputs:
        raise Stop("--embedding: the card's outputs have an embedding already; leave one of both out", WRONG_REQUEST)
    if any(place.get("method", "forward") != "forward" for place in outputs.values()):
        raise Stop("--embedding: a layer's output comes from forward(); the card's outputs call another method", WRONG_REQUEST)
    made = {"embedding": {"position": 0}}
    for name, scores in outputs.items():
        made[name] = {"position": 1, **{field: value for field, value in scores.items() if field not in ("key", "position")}}
    return made


def with_embedding(module, layer, example, scores):
    """Returns a module that gives the layer's output, and the class scores at the card's place `scores` if there is one."""
    torch = import_torch()
    require_embedding(torch, module, layer, example)

    class Inner(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = module

        def forward(self, window):
            seen, returned = run(torch, self.network, window, layer)
            return seen[layer][0] if scores is None else (seen[layer][0], part_of(returned, scores, "class_scores"))

    inner = Inner()
    inner.training = False  # eval() would also call that of a program, which has none
    return inner
