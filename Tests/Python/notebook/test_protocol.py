"""The conformance suite of the Jupyter project on Tessera itself, with a sample for all that the language has."""

import jupyter_kernel_test
import pytest


class TesseraTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tessera"
    language_name = "tessera"
    file_extension = ".tsr"
    code_hello_world = "echo \"hello, world\""
    completion_samples = [
        {"text": "feat", "matches": {"features", "feature_grid"}},
        {"text": "x = slide_m", "matches": {"slide_map"}},
        {"text": "stats method=thr", "matches": {"threshold"}},
    ]
    complete_code_samples = ["session", "x = labels HPV_status", "", "# a comment", "df?"]
    incomplete_code_samples = ["features layers=[postconv,", "stats df \\"]
    invalid_code_samples = ["stats 'df"]
    code_page_something = "features?"
    code_generate_error = "statss df"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "q = project*"
    code_inspect_sample = "features"
    # No statement removes what a cell has shown, so there is nothing to test here.
    test_clear_output = None

    @pytest.fixture(autouse=True)
    def samples_on_a_project(self, demo_tiles):
        opening = f"project '{demo_tiles}'"
        self.code_execute_result = [
            {"code": f"q = {opening};\nq", "mime": mime} for mime in ("text/plain", "text/html")]
        self.code_display_data = [{"code": "help", "mime": "text/html"}, {"code": opening, "mime": "text/html"}]
        # A warning: what a value was made from is another one now.
        self.code_stderr = f"p = {opening};\nd = dataset p;\nt = tiles d n=1;\nd = dataset p filters={{HPV_status: [positive]}};\nt"


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "tessera"
    support_iopub_welcome = True
