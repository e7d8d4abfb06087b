using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>What a machine with a join token asks for.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Secret">The token's secret.</param>
/// <param name="Name">The name that it wants.</param>
/// <param name="Address">How the other nodes will reach it.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="RequestPem">A signing request for its key, which stays there.</param>
internal sealed record TokenJoinRequest(string Token, string Secret, string Name, string Address, NodePorts Ports, string RequestPem);

/// <summary>Takes a machine in that shows a join token, where the CA is.</summary>
internal static class TokenJoin
{
    /// <summary>Uses the token and issues the certificate.</summary>
    /// <returns>A bundle without a key; null when the token may not be used.</returns>
    /// <exception cref="OperatorException">There is no CA here, or the name, the address or the signing request is wrong; the token is not used then.</exception>
    public static RunnerBundle? Admit(DataFolder data, TokenJoinRequest request, TimeProvider time)
    {
        using var authority = ClusterAuthority.Load(data, time);
        using var turn = AuthorityLock.Take(data);
        if (!JoinTokenBook.IsUsable(data, request.Token, request.Secret, time))
        {
            return null;
        }

        var key = SigningRequest.ReadKey(request.RequestPem, out var problem) ?? throw new OperatorException(ExitCode.Usage, $"{problem}.");
        var admission = RunnerAdmission.Of(data, request.Name, request.Address, control: false, request.Ports, time);

        // Used before the certificate exists: a crash in between costs a use, and never gives one more.
        JoinTokenBook.Use(data, request.Token, time);
        var certificate = authority.IssueRunner(admission.Node, admission.Enrolment, key);
        admission.Record(data, time);
        return new RunnerBundle(RunnerBundle.CurrentFormat, admission.Node, certificate, KeyPem: "", SecretFile.Read(data.Authorities), ClusterKey.Ensure(data, NodeDescription.Load(data)));
    }
}
