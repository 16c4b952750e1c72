# The end of every program: before it stand SOURCES, the texts of the modules by name, and MAIN, the one whose main()
# is called. Nothing is written to disk, and no other module of these names is found.
import importlib.abc
import importlib.util
import os
import sys


class Modules(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def find_spec(self, name, path=None, target=None):
        if name not in SOURCES:
            return None
        return importlib.util.spec_from_loader(name, self, origin=f"<tessera/{name}.py>")

    def exec_module(self, module):
        exec(compile(SOURCES[module.__name__], module.__spec__.origin, "exec"), module.__dict__)

    def get_source(self, name):
        return SOURCES[name]


# Nothing is fetched from anywhere.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")
sys.dont_write_bytecode = True
sys.meta_path.insert(0, Modules())
importlib.import_module(MAIN).main()
