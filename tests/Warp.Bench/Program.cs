using Warp.Bench.Relay;

return args switch
{
    ["relay", .. var rest] => await RelayCommand.RunAsync(rest),
    _ => RelayCommand.Usage(),
};
