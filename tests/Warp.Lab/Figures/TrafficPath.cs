namespace Warp.Lab.Figures;

/// <summary>A way from one container to another that is measured.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Client">Where the load runs.</param>
/// <param name="Address">Where it connects to.</param>
/// <param name="Port">To which port.</param>
internal sealed record TrafficPath(string Name, TrafficEnd Client, string Address, string Port);
