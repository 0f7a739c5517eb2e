#!/usr/bin/python3
"""cri_client.py - calls the CRI of a container engine, as a kubelet does

	cri_client.py SOCKET METHOD JSON [METHOD JSON ...]

The answer to each call is printed as a line of JSON with all fields that the tables below have. An
error is printed to stderr as "CODE: DETAILS" and ends it with status 1. {"@": NAME} in a request
stands for the field NAME of the last answer that had one. "v1alpha2." before METHOD asks for the
older version of the interface; "=N" after it asks again until the answer's status.state is N.

Distributions have no generated code for this, so the tables say which number and type the fields
have in api.proto of k8s.io/cri-api; only those that the tests use. METHOD is the request of that
method, METHOD> its answer. A field without a type is a string; "[]": repeated; a map has strings on
both sides; "int" stands for every integer, bool and enumeration.
"""
import json
import sys
import time

import grpc

PATIENCE = 20

MESSAGES = """
Version: version=1
Version>: version=1 runtime_name=2 runtime_version=3 runtime_api_version=4
Status: verbose=1:int
Status>: status=1:RuntimeStatus
RuntimeStatus: conditions=1:RuntimeCondition[]
RuntimeCondition: type=1 status=2:int reason=3 message=4

RunPodSandbox: config=1:PodSandboxConfig runtime_handler=2
RunPodSandbox>: pod_sandbox_id=1
StopPodSandbox: pod_sandbox_id=1
StopPodSandbox>:
RemovePodSandbox: pod_sandbox_id=1
RemovePodSandbox>:
PodSandboxStatus: pod_sandbox_id=1 verbose=2:int
PodSandboxStatus>: status=1:PodStatus info=2:map
ListPodSandbox: filter=1:PodFilter
ListPodSandbox>: items=1:Pod[]
PodSandboxStats: pod_sandbox_id=1
PodSandboxStats>: stats=1:PodStats

CreateContainer: pod_sandbox_id=1 config=2:ContainerConfig sandbox_config=3:PodSandboxConfig
CreateContainer>: container_id=1
StartContainer: container_id=1
StartContainer>:
StopContainer: container_id=1 timeout=2:int
StopContainer>:
RemoveContainer: container_id=1
RemoveContainer>:
ContainerStatus: container_id=1 verbose=2:int
ContainerStatus>: status=1:ContainerStatus_ info=2:map
ListContainers: filter=1:ContainerFilter
ListContainers>: containers=1:Container[]
UpdateContainerResources: container_id=1 linux=2:Resources
UpdateContainerResources>:
ReopenContainerLog: container_id=1
ReopenContainerLog>:
ExecSync: container_id=1 cmd=2:string[] timeout=3:int
ExecSync>: stdout=1 stderr=2 exit_code=3:int
ContainerStats: container_id=1
ContainerStats>: stats=1:Stats
ListContainerStats: filter=1:ContainerFilter
ListContainerStats>: stats=1:Stats[]

PodSandboxConfig: metadata=1:PodMetadata hostname=2 log_directory=3 dns_config=4:Dns
	port_mappings=5:Port[] labels=6:map annotations=7:map linux=8:PodLinux
PodMetadata: name=1 uid=2 namespace=3 attempt=4:int
Dns: servers=1:string[] searches=2:string[] options=3:string[]
Port: protocol=1:int container_port=2:int host_port=3:int host_ip=4
PodLinux: cgroup_parent=1 security_context=2:PodSecurity sysctls=3:map
PodSecurity: namespace_options=1:Namespaces run_as_user=3:Number readonly_rootfs=4:int
	supplemental_groups=5:int[] privileged=6:int run_as_group=8:Number seccomp=9:Profile
Namespaces: network=1:int pid=2:int ipc=3:int target_id=4
Number: value=1:int
Profile: profile_type=1:int localhost_ref=2
PodStatus: id=1 metadata=2:PodMetadata state=3:int created_at=4:int network=5:PodNetwork
	labels=7:map annotations=8:map
PodNetwork: ip=1
PodFilter: id=1 state=2:Number label_selector=3:map
Pod: id=1 metadata=2:PodMetadata state=3:int labels=5:map
PodStats: linux=2:PodLinuxStats
PodLinuxStats: cpu=1:Cpu memory=2:Memory process=4:Processes containers=5:Stats[]
Processes: timestamp=1:int process_count=2:Number

ContainerConfig: metadata=1:ContainerMetadata image=2:Image command=3:string[] args=4:string[]
	working_dir=5 envs=6:KeyValue[] mounts=7:Mount[] devices=8:Device[] labels=9:map
	annotations=10:map log_path=11 stdin=12:int stdin_once=13:int tty=14:int
	linux=15:ContainerLinux
ContainerMetadata: name=1 attempt=2:int
Image: image=1
KeyValue: key=1 value=2
Mount: container_path=1 host_path=2 readonly=3:int selinux_relabel=4:int propagation=5:int
Device: container_path=1 host_path=2 permissions=3
ContainerLinux: resources=1:Resources security_context=2:Security
Resources: cpu_period=1:int cpu_quota=2:int cpu_shares=3:int memory_limit_in_bytes=4:int
	oom_score_adj=5:int cpuset_cpus=6 cpuset_mems=7
Security: capabilities=1:Capabilities privileged=2:int namespace_options=3:Namespaces
	run_as_user=5:Number run_as_username=6 readonly_rootfs=7:int supplemental_groups=8:int[]
	apparmor_profile=9 seccomp_profile_path=10 no_new_privs=11:int run_as_group=12:Number
	masked_paths=13:string[] readonly_paths=14:string[] seccomp=15:Profile
Capabilities: add_capabilities=1:string[] drop_capabilities=2:string[]
ContainerStatus_: id=1 metadata=2:ContainerMetadata state=3:int created_at=4:int started_at=5:int
	finished_at=6:int exit_code=7:int image=8:Image image_ref=9 reason=10 message=11
	labels=12:map log_path=15
ContainerFilter: id=1 state=2:Number pod_sandbox_id=3 label_selector=4:map
Container: id=1 pod_sandbox_id=2 metadata=3:ContainerMetadata image=4:Image state=6:int labels=8:map
Stats: attributes=1:Attributes cpu=2:Cpu memory=3:Memory
Attributes: id=1 metadata=2:ContainerMetadata labels=3:map
Cpu: timestamp=1:int usage_core_nano_seconds=2:Number
Memory: timestamp=1:int working_set_bytes=2:Number usage_bytes=4:Number rss_bytes=5:Number
map: key=1 value=2
"""


def read_tables(text):
    """{message: [(name, number, type, repeated)]}"""
    tables = {}
    for line in text.replace("\n\t", " ").splitlines():
        message, _, fields = line.partition(":")
        rows = tables[message] = []
        for field in fields.split():
            name, number = field.split("=")
            number, _, kind = number.partition(":")
            repeated = kind.endswith("[]") or kind == "map"
            rows.append((name, int(number), kind.removesuffix("[]") or "string", repeated))
    return tables


TABLES = read_tables(MESSAGES)


# The wire format: https://protobuf.dev/programming-guides/encoding/
def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_varint(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return number, at


def encode_value(number, kind, value):
    if kind == "int":
        return varint(number << 3) + varint(int(value))
    data = value.encode() if kind == "string" else encode(kind, value)
    return varint(number << 3 | 2) + varint(len(data)) + data


def encode(message, values):
    out = b""
    left = dict(values)
    for name, number, kind, repeated in TABLES[message]:
        value = left.pop(name, None)
        if kind == "map" and value:
            value = [{"key": key, "value": text} for key, text in value.items()]
        if value is not None:
            for one in value if repeated else [value]:
                out += encode_value(number, kind, one)
    if left:
        sys.exit("%s has no %s in our tables" % (message, ", ".join(left)))
    return out


def split(data):
    """The fields of a message: [(number, integer or bytes)]"""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        else:
            size, at = (8, at) if key & 7 == 1 else (4, at) if key & 7 == 5 else \
                read_varint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def decode_value(kind, value):
    if kind == "int":
        numbers = [value] if isinstance(value, int) else []
        at = 0
        while not isinstance(value, int) and at < len(value):
            number, at = read_varint(value, at)
            numbers.append(number)
        return [number - (number >> 63 << 64) for number in numbers]
    return [value.decode(errors="replace") if kind == "string" else decode(kind, value)]


def empty(kind, repeated):
    if repeated:
        return {} if kind == "map" else []
    return {"int": 0, "string": ""}.get(kind)


def decode(message, data):
    rows = {row[1]: row for row in TABLES[message]}
    out = {name: empty(kind, repeated) for name, _, kind, repeated in rows.values()}
    for number, value in split(data):
        if number not in rows:
            continue
        name, _, kind, repeated = rows[number]
        values = decode_value(kind, value)
        if kind == "map":
            out[name][values[0]["key"]] = values[0]["value"]
        elif repeated:
            out[name] += values
        else:
            out[name] = values[-1]
    return out


def fill(request, answers):
    """{"@": NAME} is replaced."""
    if isinstance(request, dict):
        if list(request) == ["@"]:
            return answers[request["@"]]
        return {name: fill(value, answers) for name, value in request.items()}
    return request


def ask(call, request, state):
    end = time.monotonic() + PATIENCE
    while True:
        answer = call(request, timeout=60)
        if not state or answer["status"]["state"] == int(state):
            return answer
        if time.monotonic() > end:
            sys.exit("gave up waiting for state %s: %s" % (state, json.dumps(answer)))
        time.sleep(0.02)


def main(socket, calls):
    answers = {}
    with grpc.insecure_channel("unix://" + socket) as channel:
        for name, request in zip(calls[::2], calls[1::2]):
            name, _, state = name.partition("=")
            version, _, method = name.rpartition(".")
            call = channel.unary_unary(
                "/runtime.%s.RuntimeService/%s" % (version or "v1", method),
                request_serializer=lambda values: encode(method, values),
                response_deserializer=lambda data: decode(method + ">", data))
            try:
                answer = ask(call, fill(json.loads(request, strict=False), answers), state)
            except grpc.RpcError as error:
                sys.exit("%s: %s" % (error.code().name, error.details()))
            answers.update(answer)
            print(json.dumps(answer), flush=True)


main(sys.argv[1], sys.argv[2:])
