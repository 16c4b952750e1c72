"""The conformance suite of the Jupyter project, with every sample filled in so that nothing is skipped."""
import jupyter_kernel_test


class EchoTests(jupyter_kernel_test.KernelTests):
    kernel_name = "echo"
    language_name = "echo"
    file_extension = ".echo"
    code_hello_world = "echo hello, world"
    code_stderr = "warn oops"
    completion_samples = [
        {"text": "pro", "matches": {"progress"}},
        {"text": "e", "matches": {"echo", "error"}},
    ]
    complete_code_samples = ["echo hi"]
    incomplete_code_samples = ["echo a\\"]
    invalid_code_samples = ["frobnicate"]
    code_page_something = "page something"
    code_generate_error = "error bad"
    code_execute_result = [
        {"code": "result 42", "result": "42"},
        {"code": "result 43", "result": "43"},
        {"code": "result 42", "result": "42"},
    ]
    code_display_data = [{"code": "png", "mime": "image/png"}, {"code": "display x", "mime": "text/html"}]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "result 42*"
    code_inspect_sample = "echo hi"
    code_clear_output = "clear"


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "echo"
    support_iopub_welcome = True
