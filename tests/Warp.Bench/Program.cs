using Warp.Bench.Compare;
using Warp.Bench.Ingress;
using Warp.Bench.Load;
using Warp.Bench.Micro;
using Warp.Bench.Relay;
using Warp.Bench.Scale;

return args switch
{
    ["relay", .. var rest] => await RelayCommand.RunAsync(rest),
    ["compare", .. var rest] => await CompareCommand.RunAsync(rest),
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["ingress", .. var rest] => await IngressCommand.RunAsync(rest),
    ["scale", .. var rest] => await ScaleCommand.RunAsync(rest),
    ["micro", .. var rest] => MicroCommand.Run(rest),
    _ => RelayCommand.Usage(),
};
