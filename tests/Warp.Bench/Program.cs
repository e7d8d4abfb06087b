using Warp.Bench.Ingress;
using Warp.Bench.Relay;

return args switch
{
    ["relay", .. var rest] => await RelayCommand.RunAsync(rest),
    ["ingress", .. var rest] => await IngressCommand.RunAsync(rest),
    _ => RelayCommand.Usage(),
};
